#!/usr/bin/env node
const usage = `latchkey admin COMMAND … --stack NAME | --function NAME
latchkey admin --help lists the commands.
latchkey start [--app "npx cdk synth"] [--stack NAME] [--port 3000] [--data .local] [--endpoint s3=URL …] [--watch]
`

// The command as it comes with the package. Each subcommand reads the rest of the line itself.
const [node = '', file = '', subcommand, ...rest] = process.argv
if (subcommand === 'admin') {
  process.argv = [node, file, ...rest]
  await import('./admin/main.ts')
} else if (subcommand === 'start') {
  const { startApp } = await import('./own-app/main.ts')
  await startApp(rest)
} else {
  process.stderr.write(usage)
  process.exitCode = 2
}
