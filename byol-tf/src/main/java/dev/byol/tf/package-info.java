/**
 * The TensorFlow engine.
 *
 * <p>A {@link dev.byol.tf.Trainer} compiles a {@linkplain dev.byol.api.Method method} and an
 * {@linkplain dev.byol.api.Optimizer optimizer} into one graph and does a whole training step in one run of it; it embeds,
 * saves, restores and exports. A {@link dev.byol.tf.FrozenEncoder} is what was exported. {@link dev.byol.tf.Tf} is the way
 * to TensorFlow's own operations for methods and rules that need more than {@link dev.byol.api.Tensor} offers.
 */
package dev.byol.tf;
