/** Reads the golden fixtures: numbers of PyTorch, torchvision, Pillow and scikit-learn that this library is held to. */
package dev.byol.golden;
