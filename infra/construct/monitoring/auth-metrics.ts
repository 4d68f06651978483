import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { ApiAuthorizers } from '../authorizers/api-authorizers.ts'
import { eventCount } from './event-counts.ts'

/**
 * What can be counted of log-in and tokens, as metrics for alarms and dashboards of your own. Each is a sum over five
 * minutes unless the options say otherwise, and has no data while nothing happens: then it costs nothing either.
 */
export abstract class AuthMetrics extends ApiAuthorizers {
  /** Log-ins that were tried: those that succeeded, failed or were turned away by the throttle. */
  metricLoginAttempts(options?: MetricOptions): Metric {
    return eventCount(this, 'LoginAttempts', options)
  }

  /** Log-ins that failed: a wrong name or password, a disabled user, a malformed request. */
  metricLoginFailures(options?: MetricOptions): Metric {
    return eventCount(this, 'LoginFailures', options)
  }

  /** Tries that the throttle turned away, because an account or an address had failed too often. */
  metricLoginLocks(options?: MetricOptions): Metric {
    return eventCount(this, 'LoginLocks', options)
  }

  /** Wrong passwords of accounts, at log-in and at a change of the password. */
  metricWrongPasswords(options?: MetricOptions): Metric {
    return eventCount(this, 'WrongPasswords', options)
  }

  /** Log-ins with names that no account has. */
  metricUnknownNames(options?: MetricOptions): Metric {
    return eventCount(this, 'UnknownNames', options)
  }

  /** Accounts that were created because the old system confirmed a password: only with `migration`. */
  metricMigrations(options?: MetricOptions): Metric {
    return eventCount(this, 'Migrations', options)
  }

  /** Refreshes that were retried more than two seconds later: lost responses, or someone who shares a token. */
  metricSessionRetries(options?: MetricOptions): Metric {
    return eventCount(this, 'SessionRetries', options)
  }

  /** Refresh tokens and codes that were used again after they had been exchanged: each has ended its session. */
  metricTokenReuse(options?: MetricOptions): Metric {
    return eventCount(this, 'TokenReuse', options)
  }

  /** Registered clients and machines that did not prove who they are: a wrong or old secret, an unknown client, guesses. */
  metricRefusedClients(options?: MetricOptions): Metric {
    return eventCount(this, 'RefusedClients', options)
  }

  /** Documents of clients by URL, or their keys, that could not be fetched or were not valid. Only with `clientsByUrl`. */
  metricFailedClientMetadata(options?: MetricOptions): Metric {
    return eventCount(this, 'FailedClientMetadata', options)
  }

  /** Requests that the authorizer refused, expired tokens among them. What the gateway remembers is not counted again. */
  metricRefusedTokens(options?: MetricOptions): Metric {
    return eventCount(this, 'RefusedTokens', options)
  }

  /** Attempts to send a mail that SES refused or did not confirm. Lambda repeats what may succeed later. Only with `email`. */
  metricFailedMails(options?: MetricOptions): Metric {
    return eventCount(this, 'FailedMails', options)
  }

  /** Tokens that were not issued because the function of `claims` failed. Each of them is a fault too. Only with `claims`. */
  metricFailedClaims(options?: MetricOptions): Metric {
    return eventCount(this, 'FailedClaims', options)
  }

  /** Requests to log-in, token and the other endpoints of ours that were answered with 500 or 503. */
  metricFaults(options?: MetricOptions): Metric {
    return eventCount(this, 'Faults', options)
  }
}
