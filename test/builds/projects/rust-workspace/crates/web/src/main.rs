use std::fs;
use tiny_http::{Header, Response, Server};

/// Greets over HTTP, with a page that is read from `templates` for every request.
fn main() {
    let server = Server::http("0.0.0.0:7070").expect("the port is free");
    for request in server.incoming_requests() {
        let (status, body) = match request.url() {
            "/health" => (200, "ok".to_string()),
            "/" => match fs::read_to_string("templates/page.html") {
                Ok(page) => (200, page.replace("{greeting}", phrases::greeting())),
                Err(error) => (500, error.to_string()),
            },
            _ => (404, "not found".to_string()),
        };
        let html = Header::from_bytes("Content-Type", "text/html").expect("a header");
        let _ = request.respond(Response::from_string(body).with_status_code(status).with_header(html));
    }
}
