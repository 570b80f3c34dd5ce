/**
 * The task of the model that Jandaia carries inside itself: two-digit additions and subtractions,
 * written out digit by digit.
 */
package dev.jandaia.train.arithmetic;
