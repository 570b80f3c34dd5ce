/** What a longer context costs, mechanism by mechanism: measured, and as counted. */
package dev.jandaia.atlas.longcontext;
