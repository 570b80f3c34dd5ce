/**
 * What a model costs, computed from its spec alone: parameters, cache, arithmetic and bytes moved.
 */
package dev.jandaia.spec.count;
