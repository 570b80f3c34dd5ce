/** Tables of lecture notes and papers, computed anew from the architectures they are about. */
package dev.jandaia.atlas.notes;
