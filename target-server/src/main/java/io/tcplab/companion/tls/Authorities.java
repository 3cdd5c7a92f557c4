package io.tcplab.companion.tls;

import io.tcplab.kernel.host.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts what a list of authorities has signed, for one name: the chain by PKIX (RFC 5280), the name by the certificate's alternative
 * names alone (RFC 9525 §6).
 */
final class Authorities implements TlsTrust {

    /** Where distributions keep the list that their administrator can add to. */
    private static final List<Path> SYSTEM = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final String AUTHENTICATION = "UNKNOWN";

    private final X509TrustManager manager;
    private final CertificateFactory certificates;
    private final String name;

    private Authorities(@Nullable KeyStore trusted, String name) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        X509TrustManager found = null;
        for (TrustManager each : factory.getTrustManagers()) {
            found = each instanceof X509TrustManager x509 ? x509 : found;
        }
        this.manager = Objects.requireNonNull(found);
        this.certificates = CertificateFactory.getInstance("X.509");
        this.name = name;
    }

    /** Those of a file in PEM; IllegalArgumentException where it cannot be used. */
    static Authorities ofFile(Path file, String name) {
        try {
            return new Authorities(read(file), name);
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("the file " + file + " does not exist", missing);
        } catch (AccessDeniedException denied) {
            throw new IllegalArgumentException("the file " + file + " may not be read (EACCES)", denied);
        } catch (IOException | GeneralSecurityException broken) {
            throw new IllegalArgumentException(
                    "the file " + file + " holds no certificates in PEM: " + broken.getMessage(), broken);
        }
    }

    /** Those that this system trusts: its own list, the JDK's where it has none. */
    static Authorities ofSystem(String name) {
        for (Path file : SYSTEM) {
            if (Files.isReadable(file)) {
                return ofFile(file, name);
            }
        }
        try {
            return new Authorities(null, name);
        } catch (GeneralSecurityException broken) {
            throw new IllegalArgumentException("the JDK's own authorities cannot be read: " + broken, broken);
        }
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, each);
            }
            if (number == 0) {
                throw new CertificateException("it is empty");
            }
        }
        return store;
    }

    @Override
    public @Nullable Refusal judge(byte[][] chain) {
        X509Certificate[] parsed = new X509Certificate[chain.length];
        try {
            for (int i = 0; i < chain.length; i++) {
                parsed[i] = (X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(chain[i]));
            }
            if (chain.length == 0) {
                return new Refusal(Reason.UNUSABLE, "there is none");
            }
            manager.checkServerTrusted(parsed, AUTHENTICATION);
            // The JDK trusts the peer's own certificate without a look at its dates where it is itself among the
            // authorities.
            parsed[0].checkValidity();
        } catch (CertificateException refused) {
            return refusal(parsed, refused);
        }
        return isFor(parsed[0])
                ? null
                : new Refusal(
                        Reason.WRONG_NAME,
                        "it is not for " + name + "; it is for " + printable(String.join(", ", names(parsed[0]))));
    }

    private static Refusal refusal(@Nullable X509Certificate[] chain, CertificateException refused) {
        X509Certificate own = chain.length == 0 ? null : chain[0];
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException && own != null) {
                return new Refusal(
                        Reason.EXPIRED,
                        "it, or one above it, has expired (its own last day: " + day(own.getNotAfter()) + ")");
            } else if (cause instanceof CertificateNotYetValidException && own != null) {
                return new Refusal(
                        Reason.NOT_YET_VALID,
                        "it, or one above it, is not yet valid (its own first day: " + day(own.getNotBefore()) + ")");
            }
        }
        if (own == null) {
            return new Refusal(Reason.UNUSABLE, "it cannot be read");
        } else if (own.getSubjectX500Principal().equals(own.getIssuerX500Principal())) {
            return new Refusal(
                    Reason.UNKNOWN_ISSUER,
                    "it is self-signed ("
                            + printable(own.getSubjectX500Principal().getName()) + ") and not among the trusted ones");
        }
        X509Certificate last = Objects.requireNonNullElse(chain[chain.length - 1], own);
        return new Refusal(
                Reason.UNKNOWN_ISSUER,
                "its issuer is not trusted ("
                        + printable(last.getIssuerX500Principal().getName()) + ")");
    }

    private static String day(Date date) {
        return date.toInstant().toString().substring(0, 10);
    }

    private static String printable(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > 120 ? plain.substring(0, 120) + "…" : plain;
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of("no name")
                    : alternatives.stream()
                            .filter(each ->
                                    each.get(0).equals(DNS_NAME) || each.get(0).equals(IP_ADDRESS))
                            .map(each -> each.get(0).equals(IP_ADDRESS)
                                    ? Endpoint.text(InetAddress.ofLiteral(String.valueOf(each.get(1))))
                                    : String.valueOf(each.get(1)))
                            .toList();
        } catch (CertificateException _) {
            return List.of("names that cannot be read");
        }
    }

    private boolean isFor(X509Certificate certificate) {
        boolean isAddress = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        return names(certificate).stream().anyMatch(each -> isAddress ? sameAddress(each) : matches(each));
    }

    /** A name such as {@code cafe.example} is none, and is not looked up. */
    private boolean sameAddress(String address) {
        try {
            return InetAddress.ofLiteral(address).equals(InetAddress.ofLiteral(name));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** A star stands for the leftmost label, whole (RFC 9525 §6.3). */
    private boolean matches(String pattern) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String given = pattern.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return given.equals(wanted)
                || (given.startsWith("*.")
                        && dot > 0
                        && given.indexOf('.', 2) > 0
                        && given.substring(1).equals(wanted.substring(dot)));
    }
}
