/**
 * The nouns of Pushwire: whom a message is for, what it carries, what became of it. Values only, no
 * behaviour, no dependency.
 */
@NullMarked
package io.pushwire.api;

import org.jspecify.annotations.NullMarked;
