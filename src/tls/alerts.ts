/** Alert descriptions: RFC 8446 6, RFC 5246 7.2, and those that only TLCP has (GB/T 38636 6.4.3). */
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
  200: 'unsupported_site2site',
  201: 'no_area',
  202: 'unsupported_areatype',
  203: 'bad_ibcparam',
  204: 'unsupported_ibcparam',
  205: 'identity_need',
};

export const ALERT = {
  closeNotify: 0,
  handshakeFailure: 40,
  noRenegotiation: 100,
  badRecordMac: 20,
  decryptionFailed: 21,
  protocolVersion: 70,
  internalError: 80,
  inappropriateFallback: 86,
  certificateRequired: 116,
  unrecognizedName: 112,
} as const;

/** Alerts by which a server says that it wants a certificate, or another one. Any other may be about anything. */
const CERTIFICATE_ALERTS: ReadonlySet<number> = new Set([40, 41, 42, 43, 46, 49, 116]);

/** Does it refuse a client that gave no certificate? */
export function refusesCertificate(code: number): boolean {
  return CERTIFICATE_ALERTS.has(code);
}

/** `70 (protocol_version)`. */
export function alertText(code: number): string {
  const name = ALERTS[code];
  return name === undefined ? String(code) : `${code} (${name})`;
}
