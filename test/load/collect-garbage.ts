// Imported into the server under load: V8 lets garbage lie for as long as there is room, and what is to be seen is what stays.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
setInterval(runInNewContext('gc'), 1000).unref()
