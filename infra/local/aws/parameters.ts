import { type Account, type Api, type ApiCall, awsError, jsonAnswer, unknownOperation } from './aws-api.ts'

/** A parameter of SSM. */
export type LocalParameter = { readonly name: string; readonly value: string }

type ParametersOptions = Account & { readonly parameters: readonly LocalParameter[] }

const namesIn = ({ parameters: { Name, Names } }: ApiCall): readonly string[] => [Names ?? Name].flat().map(String)

/** SSM with the parameters of the template and of the owner's file, which can only be read. */
export function createParameters({ parameters, region, account }: ParametersOptions): Api {
  // A name may be given by its ARN, or with a version behind it, which are all the same here.
  const nameOf = (given: string) => given.replace(/^arn:[^/]*:parameter(?=\/)/, '').replace(/:\d+$/, '')
  const arnOf = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${nameOf(name).replace(/^\//, '')}`
  const find = (name: string) => parameters.find((parameter) => arnOf(parameter.name) === arnOf(name))
  const tell = ({ name, value }: LocalParameter) => ({
    ...{ Name: name, Type: 'String', Value: value, Version: 1, DataType: 'text', ARN: arnOf(name) },
  })

  return {
    access(call) {
      return namesIn(call).map((name) => ({ action: `ssm:${call.operation}`, resource: arnOf(name), context: {} }))
    },
    async perform(call) {
      const found = namesIn(call).flatMap((name) => find(name) ?? [])
      switch (call.operation) {
        case 'GetParameter':
          if (found[0]) return jsonAnswer({ Parameter: tell(found[0]) })
          throw awsError('ParameterNotFound', `There is no parameter ${namesIn(call)}: give it a value in values.json.`)
        case 'GetParameters': {
          const InvalidParameters = namesIn(call).filter((name) => !find(name))
          return jsonAnswer({ Parameters: found.map(tell), InvalidParameters })
        }
        default:
          throw unknownOperation(`ssm:${call.operation}`)
      }
    },
  }
}
