/**
 * Where images come from: data sets in their published binary formats, arrays, folders and archives of files, and sources of one's
 * own; what is made of them, such as subsets and splits; and the decoder of image files.
 */
package dev.byol.augment.io;
