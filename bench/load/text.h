// Texts with places to fill in, and WebSocket frames as a client sends them.
#pragma once
#include <stdint.h>

#define STAMP '~'         // begins a time stamp,
#define STAMP_DIGITS 16   // of so many hexadecimal digits: nanoseconds
#define MAX_TEXT 8192
#define MAX_FRAME (MAX_TEXT + 8)

// Fills in %U (a user's number, six digits), %P (a payload of so many bytes that begins with a time
// stamp), %% and \r \n \xHH. Returns the length; ends the program if it is too long.
int text_fill(char to[MAX_TEXT], const char *form, int user, uint64_t stamp, int payload);

// Finds the time stamp; 0 if there is none.
uint64_t text_stamp(const char *text, int size);

// Makes a masked frame; returns its size.
int text_frame(char to[MAX_FRAME], int opcode, const char *text, int size);
