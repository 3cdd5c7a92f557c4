package io.tcplab.companion.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** A client's judgement of a server's certificate in an {@link SSLEngine}; there is no other way to ask it. */
public abstract class EngineTrust extends X509ExtendedTrustManager {

    @Override
    public abstract void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine)
            throws CertificateException;

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String method, Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String method) throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String method, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String method, Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String method) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public final X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
