/**
 * Chat templates: an interpreter for the part of Jinja that models ship in {@code
 * tokenizer_config.json}.
 *
 * <p>A template passes {@code Lexer → Parser → Interpreter}. The semantics are those of Python's
 * jinja2 3.1 in an immutable sandbox with {@code trim_blocks}, {@code lstrip_blocks} and loop
 * controls, which is how transformers renders a conversation: Python's numbers, strings (indexed by
 * code point), truth, {@code repr}, and lexical scopes that an assignment inside a loop does not
 * leave.
 *
 * <p>A template is untrusted. Its values form the closed hierarchy {@link
 * dev.jandaia.template.Value}, of which none leads to a Java object, and {@link
 * dev.jandaia.template.Budget} bounds time, memory, nesting and output.
 *
 * <p>Deliberately absent: template loading ({@code include}, {@code import}, {@code extends}),
 * {@code autoescape true}, and the filters {@code pprint}, {@code striptags}, {@code urlize} and
 * {@code wordwrap}.
 */
package dev.jandaia.template;
