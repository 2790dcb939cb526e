import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Every protocol and every suite that JSSE knows: {@code java JsseServer.java PORT KEYSTORE PASSWORD}. */
public final class JsseServer {
  public static void main(String[] args) throws Exception {
    char[] password = args[2].toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = new FileInputStream(args[1])) {
      keys.load(file, password);
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("NewSunX509");
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(Integer.parseInt(args[0]), 256, loopback);
    server.setEnabledProtocols(server.getSupportedProtocols());
    server.setEnabledCipherSuites(server.getSupportedCipherSuites());
    ExecutorService threads = Executors.newFixedThreadPool(16);
    while (true) {
      SSLSocket socket = (SSLSocket) server.accept();
      threads.execute(() -> answer(socket));
    }
  }

  private static void answer(SSLSocket socket) {
    try (socket) {
      socket.setSoTimeout(5_000);
      socket.startHandshake();
      socket.getInputStream().read(new byte[4096]);
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\njsse\n".getBytes("US-ASCII"));
      out.flush();
    } catch (Exception refused) {
      // A scanner's hello that ends in an alert: the next one, please.
    }
  }
}
