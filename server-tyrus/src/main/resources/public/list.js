/** The parts of a text that were separated by commas. */
export function listOf(text) {
  return text.split(',').map((part) => part.trim()).filter(Boolean);
}
