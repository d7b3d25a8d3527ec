#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int unescape(char *to, const char **at) {
  unsigned value;
  switch (*++*at) {
    case 'r': *to = '\r'; return 1;
    case 'n': *to = '\n'; return 1;
    case 'x':
      if (sscanf(*at + 1, "%2x", &value) == 1) {
        *to = (char)value;
        *at += 2;
        return 1;
      }
      // fall through
    default:
      fprintf(stderr, "not an escape: \\%c\n", **at);
      exit(2);
  }
}

static int payload_fill(char *to, uint64_t stamp, int size) {
  int length = sprintf(to, "%c%0*lx", STAMP, STAMP_DIGITS, stamp);
  if (size > length) {
    memset(to + length, 'x', size - length);
    length = size;
  }
  return length;
}

int text_fill(char to[MAX_TEXT], const char *form, int user, uint64_t stamp, int payload) {
  int length = 0;
  for (const char *at = form; *at; at++) {
    if (length + 64 + payload > MAX_TEXT) {
      fprintf(stderr, "a text is longer than %d bytes: %s\n", MAX_TEXT, form);
      exit(2);
    }
    if (*at == '\\') {
      length += unescape(to + length, &at);
    } else if (*at != '%') {
      to[length++] = *at;
    } else {
      switch (*++at) {
        case 'U': length += sprintf(to + length, "%06d", user); break;
        case 'P': length += payload_fill(to + length, stamp, payload); break;
        case '%': to[length++] = '%'; break;
        default: fprintf(stderr, "nothing to fill in: %%%c\n", *at); exit(2);
      }
    }
  }
  return length;
}

uint64_t text_stamp(const char *text, int size) {
  const char *stamp = memchr(text, STAMP, size);
  uint64_t value = 0;
  if (!stamp || text + size - stamp <= STAMP_DIGITS) return 0;
  for (int i = 1; i <= STAMP_DIGITS; i++) {
    char digit = stamp[i];
    value = value << 4 | (uint64_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return value;
}

int text_frame(char to[MAX_FRAME], int opcode, const char *text, int size) {
  int head = size < 126 ? 2 : 4;
  to[0] = (char)(0x80 | opcode);
  to[1] = (char)(0x80 | (size < 126 ? size : 126));
  if (size >= 126) {
    to[2] = (char)(size >> 8);
    to[3] = (char)size;
  }
  memset(to + head, 0, 4); // masked with zeros, which changes nothing
  memcpy(to + head + 4, text, size);
  return head + 4 + size;
}
