/** The port that a start command names: options, and addresses that end in a port. */
export const namedPorts = [
  /(?:^|\s)(?:--(?:[\w-]+\.)?(?:http-)?port|-p|-Dserver\.port)[= ](\d{2,5})(?=\s|$)/,
  /(?:^|\s)(?:--bind|-b|--listen|-l|--addr|--address|-addr|-S|runserver)[= ](?:tcp:\/\/|https?:\/\/)?[\w.*[\]${}-]*:(\d{2,5})(?=\s|$)/,
  /(?:^|\s)(?:--listen|-l)[= ](\d{2,5})(?=\s|$)/,
  /(?:^|\s)-m http\.server (\d{2,5})(?=\s|$)/,
];
