/** Where images come from: data sets in their published binary formats, folders of files, sources of one's own. */
package dev.byol.augment.io;
