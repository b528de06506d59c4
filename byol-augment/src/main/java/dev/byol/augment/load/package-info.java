/**
 * Batches of random views, prepared in the background and equal for any number of threads and any batch size.
 *
 * <pre>{@code
 * Loader loader = Loader.builder(source).batch(64).seed(1).threads(2).build();
 * try (Epoch epoch = loader.epoch(number, position)) { // goes on where a run was stopped
 *     while (epoch.hasNext()) {
 *         try (Batch batch = epoch.next()) {
 *             // ... batch.view(0), batch.view(1); a checkpoint holds epoch.number() and epoch.position()
 *         }
 *     }
 *     // ... epoch.statistics() says whether the threads keep up
 * }
 * }</pre>
 *
 * <p>{@link dev.byol.augment.load.Unreadable} says what happens about images that cannot be read; {@link
 * dev.byol.augment.load.PlainImages} reads images without augmentation.
 */
package dev.byol.augment.load;
