const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Takes a credential out of any text, in every form in which it travels: as it is, in a URL, and inside JSON.
 *
 * @example
 * redacting('k/1')('GET /?api_key=k%2F1') // 'GET /?api_key=***'
 */
export const redacting = (credential: string): ((text: string) => string) => {
  const forms = [
    credential,
    encodeURIComponent(credential),
    encodeURI(credential),
    JSON.stringify(credential).slice(1, -1),
  ];
  const anyForm = new RegExp(
    [...new Set(forms)]
      .sort((a, b) => b.length - a.length)
      .map(escaped)
      .join('|'),
    'gi',
  );
  return (text) => text.replace(anyForm, '***');
};
