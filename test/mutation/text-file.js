// A data file as a module whose default export is its text, as the bundler has it.
export default { process: (source) => ({ code: `export default ${JSON.stringify(source)}` }) }
