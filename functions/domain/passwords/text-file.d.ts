/** A data file, read as text by the bundler. */
declare module '*.txt' {
  const text: string
  export default text
}
