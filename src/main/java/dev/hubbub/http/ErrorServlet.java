package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers where the container itself refuses a request or something was thrown, as web.xml says: with a problem as all
 * refusals have. The container's own page would show exceptions, and the query with whatever ticket is in it.
 */
@WebServlet(urlPatterns = "/error", asyncSupported = true)
public class ErrorServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer told
                ? told
                : HttpServletResponse.SC_NOT_FOUND;
        Problem problem = Problem.of(status, refusal(status));
        response.setBufferSize(AnswerBodies.BUFFER_BYTES); // it may have come before any filter
        response.setStatus(status);
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(problem.body());
    }

    private static Refusal refusal(int status) {
        if (status >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            return Refusal.of(ErrorCode.INTERNAL, "the server failed at this");
        }
        return status == HttpServletResponse.SC_NOT_FOUND
                ? Refusal.of(ErrorCode.NOT_FOUND, "there is nothing here")
                : Refusal.invalid("the request is not understood");
    }
}
