/** Models, layers and sheets in words: for terminals, Markdown and JSON. */
package dev.jandaia.atlas.text;
