/**
 * Published models: how the config.json or GGUF header of each family becomes a {@link
 * dev.jandaia.spec.ModelSpec}, and where its checkpoints keep each parameter. A family is one small
 * file without arithmetic; {@link dev.jandaia.family.Families} lists them.
 */
package dev.jandaia.family;
