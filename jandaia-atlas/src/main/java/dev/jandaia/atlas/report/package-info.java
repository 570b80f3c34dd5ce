/** A {@link dev.jandaia.atlas.Sheet} for terminals, as Markdown and as JSON. */
package dev.jandaia.atlas.report;
