/** Batches of random views, prepared in the background and equal for any number of threads. */
package dev.byol.augment.load;
