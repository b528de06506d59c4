/** Networks: the ResNets of the papers, and the perceptrons that project and predict. Start values and geometry are torchvision's. */
package dev.byol.api.nn;
