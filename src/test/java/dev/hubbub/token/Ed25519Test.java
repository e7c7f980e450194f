package dev.hubbub.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Ed25519Test {
    /** RFC 8037, appendices A.1, A.2 and A.4: its payload is no claims, so the signature alone is looked at here. */
    @Test
    void theExampleOfRfc8037IsVerified() throws Exception {
        OctetKeyPair key = OctetKeyPair.parse(
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        String signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        byte[] signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(StandardCharsets.US_ASCII);
        Ed25519 verifier = new Ed25519(key);
        JWSHeader header = new JWSHeader(JWSAlgorithm.EdDSA);
        assertThat(verifier.verify(header, signed, Base64URL.from(signature))).isTrue();
        signed[signed.length - 1] ^= 1;
        assertThat(verifier.verify(header, signed, Base64URL.from(signature))).isFalse();
        JWSHeader critical = new JWSHeader.Builder(JWSAlgorithm.EdDSA)
                .criticalParams(Set.of("exp"))
                .build();
        signed[signed.length - 1] ^= 1;
        assertThat(verifier.verify(critical, signed, Base64URL.from(signature))).isFalse();
    }
}
