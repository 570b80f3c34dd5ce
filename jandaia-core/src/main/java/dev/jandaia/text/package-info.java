/** Texts of files in numbers that objects of their own would make slow and large. */
package dev.jandaia.text;
