const usage = `latchkey admin COMMAND … --stack NAME | --function NAME
latchkey admin --help lists the commands.
`

// The command as it comes with the package. Each subcommand reads the rest of the line itself.
const [node = '', file = '', subcommand, ...rest] = process.argv
if (subcommand === 'admin') {
  process.argv = [node, file, ...rest]
  await import('./admin/main.ts')
} else {
  process.stderr.write(usage)
  process.exitCode = 2
}
