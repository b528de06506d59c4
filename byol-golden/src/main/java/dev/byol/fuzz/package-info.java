/** Test support: attacks on readers with damaged files. */
@org.jspecify.annotations.NullMarked
package dev.byol.fuzz;
