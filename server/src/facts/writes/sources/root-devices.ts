import { isInComment, type SourceFile } from '../../../ecosystems/source-text.ts';
import type { Language } from '../../start/programs.ts';
import { runsInContainer } from './source-writes.ts';

/** Packages that open devices or send raw packets, as a language imports them. */
const imports: Readonly<Partial<Record<Language, RegExp>>> = {
  python:
    /^[ \t]*(?:from|import)[ \t]+(?:scapy|RPi|gpiozero|pigpio|lgpio|smbus2?|spidev|serial|serial_asyncio|usb|bluetooth|bleak|evdev|uinput|pcapy|pcap|netfilterqueue|pyroute2|bcc|hid|picamera2?|board)\b/m,
  node: /\b(?:require\(\s*|from\s+|import\s+)["'](?:raw-socket|net-ping|serialport|@serialport\/[\w-]+|onoff|rpio|pigpio|i2c-bus|spi-device|pcap|cap|node-hid|usb|johnny-five|(?:@abandonware\/)?noble)["']/,
  go: /^[ \t]*(?:\w+[ \t]+)?"(?:github\.com\/(?:google\/gopacket\/pcap|gopacket\/gopacket\/pcap|vishvananda\/netlink|tarm\/serial|cilium\/ebpf|songgao\/water|stianeikeland\/go-rpio\/v\d|coreos\/go-iptables\/iptables)|go\.bug\.st\/serial|periph\.io\/[^"]*|golang\.zx2c4\.com\/wireguard[^"]*)"/m,
  rust: /\b(?:serialport|pnet|pnet_datalink|rppal|tun|tun_tap|aya|pcap|rusb|hidapi|btleplug)::/,
  java: /^import[ \t]+(?:static[ \t]+)?(?:com\.pi4j|com\.fazecast\.jSerialComm|org\.pcap4j)\b/m,
  c: /\bpcap_open_live\s*\(|\blibusb_init\s*\(|\bbpf_prog_load\b/,
};

/** Sockets and devices that are named in the sources of any language. */
const devices =
  /\bSOCK_RAW\b|\bAF_PACKET\b|["'`]\/dev\/(?:tty(?:USB|ACM|AMA|S)\w*|serial\d?|i2c-?\w*|spidev[\w.]*|gpio\w*|mem|kmem|video\d*|snd\b[\w/]*|input\/[\w/]*|bus\/usb[\w/]*|hidraw\w*|net\/tun|kvm)["'`]/;

/** Where sources open a device of the host or send raw packets, in one sentence without a stop; undefined for nowhere. */
export function opensDevices(files: readonly SourceFile[], language: Language): string | undefined {
  const pattern = imports[language];
  for (const file of files.filter(runsInContainer)) {
    for (const match of [pattern?.exec(file.text), devices.exec(file.text)]) {
      if (match !== null && match !== undefined && !isInComment(file.text, match.index)) {
        const line = file.text.slice(0, match.index + match[0].length).split('\n').length;
        return `${file.path}:${line} asks for devices or raw packets, which root alone has unless the host says otherwise`;
      }
    }
  }
  return undefined;
}
