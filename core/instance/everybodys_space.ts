/** The space that every instance has, and in which everything is that nobody moved elsewhere. */
export const everybodysSpace = 1;
