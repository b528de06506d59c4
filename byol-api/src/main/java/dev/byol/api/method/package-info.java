/** Self-supervised methods, one file each, in the letters of their papers; the difference between two files is the scientific difference. */
package dev.byol.api.method;
