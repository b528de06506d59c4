/**
 * Update rules and schedules.
 *
 * <p>A named rule, such as {@link dev.byol.optim.Sgd} or {@link dev.byol.optim.Lars}, is a chain of the small parts in {@link
 * dev.byol.optim.Rules}; {@link dev.byol.optim.Filters} say which parameters a part touches, {@link
 * dev.byol.optim.Schedules} how a number changes with the step, and
 * {@link dev.byol.optim.Recipes} put the published ones together. Everything here is immutable, comparable by value and
 * thread-safe, and reads well when printed.
 */
package dev.byol.optim;
