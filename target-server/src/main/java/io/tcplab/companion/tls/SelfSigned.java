package io.tcplab.companion.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/** Makes a certificate that signs itself: ECDSA on P-256, version 3 with alternative names (RFC 5280), written in DER (X.690). */
public final class SelfSigned {

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int EXPLICIT_0 = 0xa0;
    private static final int EXPLICIT_3 = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    /** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
    private static final byte[] ECDSA_SHA256 =
            der(OBJECT_IDENTIFIER, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02});

    /** 2.5.4.3, commonName. */
    private static final byte[] COMMON_NAME = der(OBJECT_IDENTIFIER, new byte[] {0x55, 0x04, 0x03});

    /** 2.5.29.17, subjectAltName. */
    private static final byte[] ALTERNATIVE_NAME = der(OBJECT_IDENTIFIER, new byte[] {0x55, 0x1d, 0x11});

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int DAYS = 30;

    private SelfSigned() {}

    /** Returns a new one for these names and addresses, valid from an hour ago for thirty days. */
    public static TlsIdentity make(String commonName, List<String> names) {
        return make(commonName, names, Instant.now().minus(1, ChronoUnit.HOURS));
    }

    /** As above, valid for thirty days from {@code from} on. */
    static TlsIdentity make(String commonName, List<String> names, Instant from) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] body = body(commonName, names, from, keys);
            byte[] certificate = der(SEQUENCE, body, der(SEQUENCE, ECDSA_SHA256), bits(sign(body, keys.getPrivate())));
            return new TlsIdentity(
                    pem("CERTIFICATE", certificate),
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK makes no ECDSA keys", impossible);
        }
    }

    /** Returns the first certificate of a text in PEM, in DER. */
    public static byte[] certificate(String text) {
        int from = text.indexOf("-----BEGIN CERTIFICATE-----") + "-----BEGIN CERTIFICATE-----".length();
        return Base64.getMimeDecoder().decode(text.substring(from, text.indexOf("-----END", from)));
    }

    private static byte[] body(String commonName, List<String> names, Instant from, KeyPair keys) {
        byte[] name = der(
                SEQUENCE,
                der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8)))));
        return der(
                SEQUENCE,
                der(EXPLICIT_0, der(INTEGER, new byte[] {2})),
                der(INTEGER, new BigInteger(120, new SecureRandom()).setBit(120).toByteArray()),
                der(SEQUENCE, ECDSA_SHA256),
                name,
                der(SEQUENCE, time(from), time(from.plus(DAYS, ChronoUnit.DAYS))),
                name,
                keys.getPublic().getEncoded(),
                der(
                        EXPLICIT_3,
                        der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAME, der(OCTET_STRING, alternatives(names))))));
    }

    private static byte[] alternatives(List<String> names) {
        return der(SEQUENCE, names.stream().map(SelfSigned::alternative).toArray(byte[][]::new));
    }

    private static byte[] alternative(String name) {
        if (name.indexOf(':') < 0 && !name.matches("[0-9.]+")) {
            return der(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            return der(IP_ADDRESS, InetAddress.getByName(name).getAddress());
        } catch (UnknownHostException wrong) {
            throw new IllegalArgumentException(name + " is no address", wrong);
        }
    }

    private static byte[] sign(byte[] body, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(body);
        return signature.sign();
    }

    private static byte[] time(Instant when) {
        return der(GENERALIZED_TIME, TIME.format(when).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bits(byte[] content) {
        return der(BIT_STRING, new byte[1], content);
    }

    /** Tag, length, and the contents one after the other. */
    private static byte[] der(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
