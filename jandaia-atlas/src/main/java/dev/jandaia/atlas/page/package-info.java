/**
 * A sheet as one HTML page that needs nothing else: diagrams drawn from the specs, plots, and every
 * count with its formula.
 */
package dev.jandaia.atlas.page;
