/**
 * Random views of images, bit for bit those of torchvision and Pillow.
 *
 * <p>An {@link dev.byol.augment.Augmentation} <em>draws</em>: from a random generator and the size of an image it makes
 * {@link dev.byol.augment.Operation}s, which are plain records that print themselves. Operations are <em>applied</em>: on
 * a {@link dev.byol.augment.Canvas}, without randomness. A {@link dev.byol.augment.View} is an ordered list of
 * augmentations whose result has one size; {@link dev.byol.augment.View#appendix()} makes the usual one.
 * {@link dev.byol.augment.Presets} has the published ones by name. What these records print, {@code parse} reads back.
 *
 * <p>{@link dev.byol.augment.Image}s of bytes and RGB are the fast path. Those of any other number of channels, and of floats,
 * go through the same operations; what a view does where an operation needs colour, its
 * {@link dev.byol.augment.ColourPolicy} says.
 */
package dev.byol.augment;
