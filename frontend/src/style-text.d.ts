/** A style sheet as text (scripts/frontend/style-text.mjs). */
declare module '*.css?text' {
  const text: string;
  export default text;
}
