/**
 * Random views of images, bit for bit those of torchvision and Pillow.
 *
 * <p>An {@link dev.byol.augment.Augmentation} <em>draws</em>: from a random generator and the size of an image it makes
 * {@link dev.byol.augment.Operation}s, which are plain records that print themselves. Operations are <em>applied</em>: on
 * a {@link dev.byol.augment.Canvas}, without randomness. A {@link dev.byol.augment.View} is an ordered list of
 * augmentations whose result has one size; {@link dev.byol.augment.View#appendix()} makes the usual one.
 */
package dev.byol.augment;
