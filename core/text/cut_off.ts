/** At most `max` characters of a text, with an ellipsis as the last one where more were cut off. */
export function cutOff(text: string, max: number): string {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}
