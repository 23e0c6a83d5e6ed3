/** Capabilities that a plain container has, or that another user than root needs no rights for. */
const usualCapability = /^(?:CAP_)?(?:NET_BIND_SERVICE|CHOWN|KILL|SETUID|SETGID|FOWNER|DAC_OVERRIDE)$/;

/** Devices that drivers open to everybody. */
const openDevice = /^(?:nvidia\.com|\/dev\/(?:nvidia|dri|kfd|fuse|shm))/;

/**
 * What a container is given of the host beyond a plain one, in a few words for people; undefined for nothing. Such rights
 * reach root alone, unless the host says otherwise.
 */
export function privilegeOf(
  privileged: unknown,
  devices: unknown,
  capabilities: unknown,
): string | undefined {
  const added = words(capabilities).find((one) => !usualCapability.test(one));
  const device = words(devices).find((one) => !openDevice.test(one));
  return privileged === true
    ? 'all rights of the host'
    : device !== undefined
      ? `the device ${device.replace(/:.*/s, '')} of the host`
      : added !== undefined
        ? `the capability ${added}`
        : undefined;
}

function words(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === 'string');
}
