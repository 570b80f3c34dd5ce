/** The JSON form of a spec: what users write by hand, and what checkpoints of ours keep. */
package dev.jandaia.spec.json;
