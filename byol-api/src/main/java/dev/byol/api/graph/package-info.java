/**
 * The description of a step, recorded: what engines turn into something that runs, and what tests of methods look at.
 * Nothing here computes.
 */
package dev.byol.api.graph;
