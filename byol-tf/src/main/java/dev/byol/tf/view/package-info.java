/**
 * Random views made inside the graph of a training step: {@link dev.byol.tf.view.ViewGraph} makes them of a batch of images and of what
 * was drawn for each ({@link dev.byol.tf.view.ViewDraws}), in the values that Pillow's integer arithmetic gives. One file an operation.
 *
 * <p>Images are planes of float32 {@code [n, 3, H, W]} that hold whole numbers from 0 to 255: every operation rounds as it does on bytes.
 * Products of matrices are of whole numbers that float32 holds exactly, so that the order in which a device adds them does not matter.
 */
package dev.byol.tf.view;
