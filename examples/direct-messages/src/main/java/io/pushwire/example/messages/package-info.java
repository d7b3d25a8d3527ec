/** An application that embeds Pushwire in its own Tomcat. */
@NullMarked
package io.pushwire.example.messages;

import org.jspecify.annotations.NullMarked;
