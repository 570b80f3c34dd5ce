/**
 * Machine code written by Java: a small x86-64 assembler, memory that can execute what it wrote,
 * and what the processor says of itself.
 */
package dev.jandaia.machinecode;
