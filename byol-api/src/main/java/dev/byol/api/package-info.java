/**
 * The words of the field.
 *
 * <p>A {@link dev.byol.api.Method} describes one training step: it takes views from a {@link dev.byol.api.Step}, applies
 * {@linkplain dev.byol.api.Network networks} under a {@link dev.byol.api.Branch} (online, target), and returns the loss.
 * An {@link dev.byol.api.Optimizer} turns gradients into directions, a {@link dev.byol.api.TargetUpdater} lets the target
 * follow. All of it is written in {@link dev.byol.api.Tensor}s, which hold shapes and no numbers; an engine runs it.
 */
package dev.byol.api;
